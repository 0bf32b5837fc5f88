"""Data to begin with, brought in through the API like anybody's: our own small company, and Northwind."""

from sample.client import Refused
from sample.company import WORKSPACE
from sample.load import People, load
from sample.northwind import WORKSPACE as NORTHWIND
from sample.northwind import load as load_northwind

__all__ = ["NORTHWIND", "WORKSPACE", "People", "Refused", "load", "load_northwind"]

"""Customers and locations through HTTP."""

import pytest

from models import Customer, CustomerKind, Location
from tests import make
from tests.schema.refusals import ERRORS, codes

ORGANIZATION = {"kind": "ORGANIZATION", "name": "Tea House"}
INDIVIDUAL = {"kind": "INDIVIDUAL", "name": "Eve"}


@pytest.fixture
async def customer(ada, id_of):
    values = {"name": "Tea House", "reference": "C-1", "email": "tea@example.com", "phone": "030-1"}
    return id_of("cust", (await make.customer(ada, **values)).id)


async def test_a_contact_is_added_with_all_that_is_known(ada, bob, customer, mutate, id_of):
    known = {
        "reference": "C-2",
        "title": "Owner",
        "email": "eve@example.com",
        "phone": "030-0074321",
        "paymentTermsDays": 14,
        "basisDate": "SHIPMENT",
        "billingStatus": "ON_HOLD",
        "currency": "EUR",
        "billingIncrementMinutes": 15,
        "billingRounding": "NEAREST",
    }
    selection = f"customer {{ kind name {' '.join(known)} organization {{ name }} salesRep {{ name }} }} {ERRORS}"
    others = {"organizationId": customer, "salesRepId": id_of("user", bob.id)}
    assert await mutate(ada, "customerCreate", selection, **INDIVIDUAL, **known, **others) == {
        "customer": INDIVIDUAL | known | {"organization": {"name": "Tea House"}, "salesRep": {"name": "Bob Rep"}},
        "userErrors": [],
    }


async def test_what_is_left_out_has_its_default(ada, mutate):
    defaults = {
        "reference": None,
        "paymentTermsDays": 30,
        "basisDate": "INVOICE",
        "billingStatus": "ACTIVE",
        "currency": None,
        "billingIncrementMinutes": 1,
        "billingRounding": "UP",
        "version": 1,
    }
    answer = await mutate(ada, "customerCreate", f"customer {{ {' '.join(defaults)} }}", **ORGANIZATION)
    assert answer["customer"] == defaults


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "REQUIRED"),
        ({"name": "x" * 201}, "TOO_LONG"),
        ({"phone": "0" * 41}, "TOO_LONG"),
        ({"paymentTermsDays": -1}, "INVALID_INPUT"),
        ({"billingIncrementMinutes": 0}, "INVALID_INPUT"),
        ({"currency": "XYZ"}, "INVALID_INPUT"),
        ({"reference": "C-1"}, "DUPLICATE_VALUE"),
    ],
)
async def test_a_customer_that_cannot_be_is_refused(wrong, code, ada, customer, mutate):
    answer = await mutate(ada, "customerCreate", f"customer {{ id }} {ERRORS}", **ORGANIZATION | wrong)
    assert (answer["customer"], codes(answer)) == (None, [(code, list(wrong))])
    assert await Customer.all().count() == 1


async def test_an_organization_is_nobody_s_contact(ada, customer, mutate):
    answer = await mutate(ada, "customerCreate", ERRORS, **ORGANIZATION, organizationId=customer)
    assert codes(answer) == [("INVALID_INPUT", ["organizationId"])]


async def test_a_patch_changes_what_it_names_and_clears_what_it_makes_null(ada, customer, mutate):
    selection = f"""customer {{
        name reference email phone version history {{ nodes {{ verb changes {{ field before after }} }} }}
    }} {ERRORS}"""
    patch = {"name": "Tea Palace", "phone": None, "expectedVersion": 1}
    assert await mutate(ada, "customerUpdate", selection, customerId=customer, **patch) == {
        "customer": {
            "name": "Tea Palace",
            "reference": "C-1",
            "email": "tea@example.com",
            "phone": None,
            "version": 2,
            "history": {
                "nodes": [
                    {
                        "verb": "updated",
                        "changes": [
                            {"field": "name", "before": "Tea House", "after": "Tea Palace"},
                            {"field": "phone", "before": "030-1", "after": None},
                        ],
                    }
                ]
            },
        },
        "userErrors": [],
    }


async def test_a_patch_that_changes_nothing_succeeds(ada, customer, mutate):
    selection = f"customer {{ version }} syncCursor {ERRORS}"
    answer = await mutate(ada, "customerUpdate", selection, customerId=customer, name="Tea House")
    assert answer == {"customer": {"version": 1}, "syncCursor": None, "userErrors": []}


@pytest.mark.parametrize("field", ["name", "paymentTermsDays", "basisDate", "billingStatus", "billingRounding"])
async def test_what_needs_a_value_is_not_cleared(field, ada, customer, mutate):
    selection = f"customer {{ version }} {ERRORS}"
    answer = await mutate(ada, "customerUpdate", selection, customerId=customer, **{field: None})
    assert (answer["customer"], codes(answer)) == ({"version": 1}, [("REQUIRED", [field])])


async def test_a_refused_patch_answers_the_customer_as_it_is(ada, customer, mutate):
    await make.customer(ada, kind=CustomerKind.INDIVIDUAL, reference="C-2")
    patch = {"name": "Tea Palace", "reference": "C-2"}
    answer = await mutate(ada, "customerUpdate", f"customer {{ name version }} {ERRORS}", customerId=customer, **patch)
    assert answer["customer"] == {"name": "Tea House", "version": 1}
    assert codes(answer) == [("DUPLICATE_VALUE", ["reference"])]


async def test_a_location_is_added_to_a_customer(ada, customer, mutate):
    known = {
        "name": "Shop",
        "street": "Obere Str. 57",
        "postalCode": "12209",
        "city": "Berlin",
        "region": "BE",
        "country": "Germany",
        "phone": "030-0074321",
        "timeZone": "Europe/Berlin",
    }
    selection = f"""
        location {{ {" ".join(known)} version customer {{ name }} }}
        customer {{ locations {{ nodes {{ city }} }} }} {ERRORS}
    """
    assert await mutate(ada, "locationCreate", selection, customerId=customer, **known) == {
        "location": known | {"version": 1, "customer": {"name": "Tea House"}},
        "customer": {"locations": {"nodes": [{"city": "Berlin"}]}},
        "userErrors": [],
    }


async def test_a_location_that_cannot_be_is_refused(ada, customer, mutate):
    wrong = {"name": "", "postalCode": "1" * 21}
    answer = await mutate(ada, "locationCreate", f"location {{ id }} {ERRORS}", customerId=customer, **wrong)
    assert (answer["location"], codes(answer)) == (None, [("REQUIRED", ["name"]), ("TOO_LONG", ["postalCode"])])
    assert await Location.all().count() == 0

"""The usual: Strawberry over Tortoise with DataLoaders, done as well as that is done."""

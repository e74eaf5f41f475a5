"""Reply addresses: one per request, `name+token@domain`, below the one address of the settings."""


def below(address: str, token: str) -> str:
    """Return the reply address that holds a token, as mail servers deliver it to `address`."""
    name, _, domain = address.rpartition("@")
    return f"{name}+{token}@{domain}"


def token_of(address: str, given: str) -> str | None:
    """Return the token in an address that was written to, None when it is not one below `address`."""
    name, _, domain = address.lower().rpartition("@")
    local, _, host = given.strip().strip("<>").lower().rpartition("@")
    before, _, token = local.partition("+")
    return token if (before, host) == (name, domain) and token else None

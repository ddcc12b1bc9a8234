"""The critical paths of a small bank."""

from hotfire import Actor, critical_path, sign_in

OWNER = "bank team <bank@example.org>"


def token_for(nobody: Actor, name: str) -> dict[str, str]:
    """Sign somebody in."""
    return {"Authorization": f"Bearer {nobody.post('/sessions', json={'name': name}).json()['token']}"}


@sign_in
def payer(nobody: Actor) -> dict[str, str]:
    """Sign in as Ann, who has money."""
    return token_for(nobody, "ann")


@sign_in(like="payer")
def other_payer(nobody: Actor) -> dict[str, str]:
    """Sign in as Bob, who has as much."""
    return token_for(nobody, "bob")


@sign_in
def payee(nobody: Actor) -> dict[str, str]:
    """Sign in as Cyd, who has none."""
    return token_for(nobody, "cyd")


@critical_path(
    owner=OWNER,
    expected="The money has left the payer once and reached the payee once.",
    rollback="Send the same amount back.",
)
def send_money(payer: Actor, payee: Actor) -> None:
    """Offer money, take it, and see it."""
    offer = {"payee": "cyd", "amount": 300}
    transfer = payer.post("/transfers", json=offer, headers={"Idempotency-Key": payer.unique("pay")}).json()
    payee.post(f"/transfers/{transfer['id']}/accept", headers={"Idempotency-Key": payee.unique("take")})
    payee.get("/balance")


@critical_path(
    owner=OWNER,
    expected="The pot is there, and the money is in it.",
    rollback="Empty the pot by hand.",
)
def save_money(payer: Actor) -> None:
    """Make a pot and put money into it."""
    name = payer.unique("pot")
    payer.put(f"/pots/{name}", json={"goal": 500})
    payer.post(f"/pots/{name}/deposits", json={"amount": 200}, headers={"Idempotency-Key": payer.unique("save")})

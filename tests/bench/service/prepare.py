"""Makes the tables, and enough stock for any number of orders."""

import asyncio

from service import Base, Product, Shopper, engine
from sqlalchemy.ext.asyncio import AsyncSession


async def main() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session, session.begin():
        session.add_all(Shopper(name=f"shopper {number}", token=f"token-{number}") for number in range(100))
        session.add_all(Product(sku=f"sku-{n}", title=f"Thing no. {n}", price=100 + n, stock=10**8) for n in range(500))
    await engine.dispose()


asyncio.run(main())

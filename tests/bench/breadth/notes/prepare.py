"""Makes the tables, by the driver that the service uses."""

import asyncio
import inspect

import stores

made = stores.chosen().make_tables()
if inspect.isawaitable(made):
    asyncio.run(made)

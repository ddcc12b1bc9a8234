"""The proxy: one asyncio core that executes Actions, over sans-IO wires."""

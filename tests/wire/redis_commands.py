"""What a Valkey 9 says of the commands that the tests use: recorded by `python -m tests.wire.record_redis`."""

from pathlib import Path

from hotfire.wire.redis import CommandTable, decode

TABLE = CommandTable.of_reply(
    decode((Path(__file__).parent / "transcripts" / "redis" / "commands.resp").read_bytes()),
)

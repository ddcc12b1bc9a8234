PRAGMA journal_mode = WAL;
CREATE TABLE editors (
    name TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
);
INSERT INTO editors VALUES ('ann', 'key-of-ann-b6e4f90d23'), ('bob', 'key-of-bob-15c8a7d0f2');
CREATE TABLE entries (
    slug TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL
);
INSERT INTO entries VALUES ('hello', 'Hello');

PRAGMA journal_mode = WAL;
CREATE TABLE people (
    name TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
);
INSERT INTO people VALUES ('ann', 'key-of-ann-5d1c9f20b7'), ('bob', 'key-of-bob-e83a44d16c');
CREATE TABLE polls (
    id INTEGER NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES people,
    name TEXT NOT NULL,
    question TEXT NOT NULL,
    link TEXT NOT NULL UNIQUE,
    UNIQUE (owner, name)
);
CREATE TABLE votes (
    poll INTEGER NOT NULL REFERENCES polls,
    guest TEXT NOT NULL,
    choice TEXT NOT NULL,
    PRIMARY KEY (poll, guest)
);

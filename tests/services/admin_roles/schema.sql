PRAGMA journal_mode = WAL;
CREATE TABLE people (
    name TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL
);
INSERT INTO people VALUES
    ('ann', 'key-of-ann-80b3f5c1de', 'member'),
    ('bob', 'key-of-bob-3f27e96ad0', 'member'),
    ('eve', 'key-of-eve-c45d1807b2', 'moderator');
CREATE TABLE proposals (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open',
    UNIQUE (person, name)
);
CREATE TABLE refusals (
    id INTEGER NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

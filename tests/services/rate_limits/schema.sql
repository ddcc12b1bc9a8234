PRAGMA journal_mode = WAL;
CREATE TABLE callers (
    name TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
);
INSERT INTO callers VALUES ('ann', 'key-of-ann-29ce70b5f4'), ('bob', 'key-of-bob-a7318d0e6f');
CREATE TABLE attempts (
    caller TEXT NOT NULL PRIMARY KEY REFERENCES callers,
    count INTEGER NOT NULL
);
CREATE TABLE codes (
    phone TEXT NOT NULL PRIMARY KEY,
    caller TEXT NOT NULL REFERENCES callers,
    code TEXT NOT NULL,
    sent TEXT NOT NULL
);

PRAGMA journal_mode = WAL;
CREATE TABLE people (
    name TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
);
INSERT INTO people VALUES ('ann', 'key-of-ann-7c20d94e1b'), ('bob', 'key-of-bob-48f5a0c62d');
CREATE TABLE notes (
    id INTEGER NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    deleted TEXT,
    UNIQUE (person, name)
);
INSERT INTO notes (person, name, text, deleted) VALUES ('ann', 'old', 'Long gone.', '2020-02-02 02:02:02');

CREATE TABLE hosts (
    name TEXT NOT NULL,
    memory INTEGER NOT NULL
);

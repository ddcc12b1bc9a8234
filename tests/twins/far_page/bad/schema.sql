CREATE TABLE agents (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL
);
INSERT INTO agents (name) VALUES ('ann'), ('bob'), ('cleo');

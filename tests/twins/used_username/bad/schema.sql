CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    token TEXT NOT NULL
);
INSERT INTO users (username, name, token) VALUES ('isabel', 'Isabel', 'c0ffee5d7e1b4a90');

CREATE TABLE notices (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);
INSERT INTO notices (text) VALUES ('The kitchen is closed.'), ('The lift works again.');

CREATE TABLE comments (
    id integer PRIMARY KEY,
    text text NOT NULL
);
INSERT INTO comments VALUES (1, 'Good morning');

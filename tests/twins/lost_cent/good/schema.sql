CREATE TABLE goods (
    name TEXT PRIMARY KEY,
    price TEXT NOT NULL
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    goods TEXT NOT NULL REFERENCES goods,
    amount_cents INTEGER NOT NULL
);
INSERT INTO goods VALUES ('kite', '19.99'), ('rope', '1.10');

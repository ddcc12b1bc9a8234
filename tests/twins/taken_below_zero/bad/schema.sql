CREATE TABLE stock (
    item TEXT PRIMARY KEY,
    amount INTEGER NOT NULL
);
INSERT INTO stock (item, amount) VALUES ('gloves', 500), ('masks', 200);

CREATE TABLE shoppers (id serial PRIMARY KEY, name text NOT NULL, token text NOT NULL UNIQUE);
CREATE TABLE products (
    id serial PRIMARY KEY, sku text NOT NULL UNIQUE, title text NOT NULL, price integer NOT NULL, stock integer NOT NULL
);
CREATE TABLE orders (
    id serial PRIMARY KEY,
    shopper_id integer NOT NULL REFERENCES shoppers,
    reference text NOT NULL,
    note text NOT NULL,
    status text NOT NULL DEFAULT 'placed',
    placed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (shopper_id, reference)
);
CREATE TABLE order_lines (
    id serial PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    product_id integer NOT NULL REFERENCES products,
    quantity integer NOT NULL,
    price integer NOT NULL
);
CREATE TABLE reservations (order_id integer PRIMARY KEY REFERENCES orders, units integer NOT NULL);
CREATE TABLE payments (order_id integer PRIMARY KEY REFERENCES orders, amount integer NOT NULL);
CREATE TABLE mails (order_id integer PRIMARY KEY REFERENCES orders, text text NOT NULL);
INSERT INTO shoppers (name, token) SELECT 'shopper ' || n, 'token-' || n FROM generate_series(0, 99) AS n;
INSERT INTO products (sku, title, price, stock)
SELECT 'sku-' || n, 'Thing no. ' || n, 100 + n, 100000000 FROM generate_series(0, 499) AS n;

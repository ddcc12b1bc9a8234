CREATE TABLE orders (
    reference text PRIMARY KEY,
    status text NOT NULL DEFAULT 'pending'
);
CREATE TABLE order_lines (
    reference text NOT NULL REFERENCES orders,
    sku text NOT NULL,
    UNIQUE (reference, sku)
);

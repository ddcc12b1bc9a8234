CREATE TABLE orders (reference text PRIMARY KEY, amount integer NOT NULL);
CREATE TABLE payments (id bigserial PRIMARY KEY, reference text NOT NULL, amount integer NOT NULL);

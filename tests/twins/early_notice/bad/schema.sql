CREATE TABLE bundles (id bigserial PRIMARY KEY, name text NOT NULL UNIQUE, status text NOT NULL);

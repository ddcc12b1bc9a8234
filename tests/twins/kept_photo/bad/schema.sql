CREATE TABLE photos (id bigserial PRIMARY KEY, reference text NOT NULL UNIQUE, file text NOT NULL);

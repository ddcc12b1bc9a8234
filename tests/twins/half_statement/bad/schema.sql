CREATE TABLE entries (id integer PRIMARY KEY AUTOINCREMENT, account text NOT NULL, text text NOT NULL, cents integer NOT NULL);
CREATE TABLE statements (account text PRIMARY KEY, path text NOT NULL);

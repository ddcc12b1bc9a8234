"""The IO shell: processes, the seal, the proxy, stores, and the driver that plays a critical path."""

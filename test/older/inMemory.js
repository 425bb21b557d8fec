// what n8n 1 does where nobody sets it, and what many of its installations therefore do
process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'default';

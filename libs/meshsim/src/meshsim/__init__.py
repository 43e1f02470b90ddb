"""A simulated world for MeshAI: processes that speak Twilio's and Gemini's wire."""

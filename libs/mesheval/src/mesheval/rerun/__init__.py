"""What if: logged conversations held against another schema, model or prompt. Nothing is sent."""

"""A profile in short steps, and what each missing piece would bring, computed by the engine."""

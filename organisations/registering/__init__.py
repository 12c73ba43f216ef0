"""From a stranger to a member: finding, claiming, joining or registering an organisation, its team
and its logo."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_prior_weights")]

    operations = []

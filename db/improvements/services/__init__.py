"""What people do with actions: propose, agree, carry out, judge, decide, withdraw."""

"""Outreach.

It plans the openings on the sender's timetable and hands every composed message to Twilio.
"""

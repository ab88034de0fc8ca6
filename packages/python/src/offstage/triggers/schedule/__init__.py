"""When schedules come."""

from .planned_times import Cron, Every, Schedule, next_planned_time, planned_times, schedule_of
from .schedules import Schedules

__all__ = ["Cron", "Every", "Schedule", "Schedules", "next_planned_time", "planned_times", "schedule_of"]

import { parseCron } from "../../bundle/index.ts";

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A cron line as systemd writes times: several expressions where days of the month and of the week are both enough. */
export function onCalendar(cron: string, timeZone: string): readonly string[] {
  const { minutes, hours, days, months, weekdays } = parseCron(cron);
  const time = `${list(hours)}:${list(minutes)}:00 ${timeZone}`;
  const expression = (ofMonth: readonly number[] | null, ofWeek: readonly number[] | null): string => `${ofWeek === null ? "" : `${ofWeek.map((day) => WEEKDAYS[day]).join(",")} `}*-${list(months)}-${list(ofMonth)} ${time}`;
  return days === null || weekdays === null ? [expression(days, weekdays)] : [expression(days, null), expression(null, weekdays)];
}

function list(field: readonly number[] | null): string {
  return field === null ? "*" : field.map((value) => String(value).padStart(2, "0")).join(",");
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Host.Collecting;
using Pipeline.Host.Status;

namespace Pipeline.Host.Supervision;

/// <summary>What <c>pipeline up</c> shows while it runs.</summary>
internal static class StackView
{
    public static StatusView Make(
        string title, IReadOnlyList<Child> children, CollectorFigures collector, GatewayFigures gateway, DateTimeOffset now) =>
        new(title, [new StatusSection("processes", [.. children.Select(child => Row(child, now))]), .. collector.ToSections(), .. gateway.ToSections()])
        {
            Figures = new JsonObject
            {
                ["processes"] = new JsonArray([.. children.Select(child => Describe(child, now))]),
                ["collector"] = JsonSerializer.SerializeToNode(collector.Last, JsonSerializerOptions.Web),
                ["gateway"] = gateway.Last?.DeepClone(),
            },
        };

    public static string Format(TimeSpan uptime) => uptime.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{uptime.Days}d {uptime.Hours:00}h")
        : uptime.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{uptime.Hours}h {uptime.Minutes:00}m")
            : string.Create(CultureInfo.InvariantCulture, $"{uptime.Minutes}m {uptime.Seconds:00}s");

    private static JsonObject Describe(Child child, DateTimeOffset now) => new()
    {
        ["name"] = child.Spec.Name,
        ["state"] = child.State.ToString().ToLowerInvariant(),
        ["reason"] = child.Reason,
        ["seconds"] = Math.Round((now - child.Since).TotalSeconds),
        ["restarts"] = child.Restarts,
        ["pid"] = child.Pid,
        ["address"] = child.Spec.Address,
    };

    private static StatusRow Row(Child child, DateTimeOffset now)
    {
        var state = child.State == ChildState.Alive ? "starting" : child.State.ToString().ToLowerInvariant();
        var reason = child.Reason is { } why ? $": {why}" : "";
        var restarts = child.Restarts == 0 ? "" : $", started again {child.Restarts}×";
        var tone = child.State == ChildState.Ready ? StatusTone.Good : StatusTone.Warning;
        return new StatusRow(child.Spec.Name, $"{state} for {Format(now - child.Since)}{reason}{restarts}, {child.Spec.Address}", tone);
    }
}

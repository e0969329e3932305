namespace Pipeline.Core.Feeds;

/// <summary>A venue's connections together brought more than the budget over ten seconds. Told once until they are back below it.</summary>
/// <param name="BytesPerSecond">On the wire, mean of the last ten seconds.</param>
/// <param name="Budget">Bytes a second.</param>
public sealed record TrafficBudgetExceeded(string Venue, long BytesPerSecond, long Budget) : FeedEvent(Venue, "");

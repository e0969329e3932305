namespace Pipeline.Core.Feeds;

/// <summary>After <see cref="TrafficBudgetExceeded"/>: the traffic is below nine tenths of the budget again.</summary>
/// <param name="BytesPerSecond">On the wire, mean of the last ten seconds.</param>
/// <param name="Budget">Bytes a second.</param>
public sealed record TrafficWithinBudget(string Venue, long BytesPerSecond, long Budget) : FeedEvent(Venue, "");

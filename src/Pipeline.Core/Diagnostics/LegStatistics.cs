namespace Pipeline.Core.Diagnostics;

/// <summary>How one of several connections that carry the same streams does, counted over trades while there were several.</summary>
/// <param name="Connection">Its name, such as <c>binance-1a</c>.</param>
/// <param name="Wins">Trades of which it brought the first copy.</param>
/// <param name="Losses">Ids it never brought while another was open; known only where ids are counted one by one.</param>
/// <param name="LeadP50">Half of its first copies were not further ahead of the second one than this; microseconds, last one to two minutes.</param>
/// <param name="LeadP99">The same of 99 %.</param>
public sealed record LegStatistics(string Venue, string Connection, long Wins, long Losses, long LeadP50, long LeadP99);

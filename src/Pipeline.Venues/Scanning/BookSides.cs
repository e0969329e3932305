using System.Runtime.InteropServices;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Scanning;

/// <summary>Asks may come before bids, as OKX sends them; a batch keeps bids before asks.</summary>
internal static class BookSides
{
    /// <summary>Exchanges the two sides that lie in <paramref name="levels"/> from <paramref name="first"/> on, asks in front so far.</summary>
    public static void PutBidsFirst(ValueList<BookLevel> levels, int first, int asks)
    {
        if (asks == 0 || first + asks == levels.Count)
        {
            return;
        }

        // The asks are copied behind the bids, then both move down together.
        var end = levels.Count;
        levels.AddRange(levels.Span.Slice(first, asks));
        var all = MemoryMarshal.CreateSpan(ref levels[first], levels.Count - first);
        all[asks..].CopyTo(all);
        levels.Truncate(end);
    }
}

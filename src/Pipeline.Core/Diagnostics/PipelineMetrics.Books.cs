namespace Pipeline.Core.Diagnostics;

/// <content>Books and their snapshots.</content>
public sealed partial class PipelineMetrics
{
    private readonly BookCounters _books;

    /// <summary>Books of a venue that are in a state now: <c>valid</c>, <c>stale</c>, <c>recovering</c> or <c>invalid</c>.</summary>
    public long BooksIn(string venue, string state) => _books.Held.Read(venue, state);

    /// <summary>Books that came into a state, or left it.</summary>
    /// <param name="state"><c>valid</c>, <c>stale</c>, <c>recovering</c> or <c>invalid</c>.</param>
    public void Books(string venue, string state, int change) => _books.Held.Add(change, venue, state);

    /// <param name="reason"><c>gap</c>, <c>crossed</c>, <c>impossible-level</c>, <c>depth</c>, <c>ids-restarted</c>.</param>
    public void BookLost(string venue, string reason) => _books.Recoveries.Add(1, venue, reason);

    /// <param name="outcome"><c>requested</c>, <c>applied</c>, <c>too-old</c>, <c>unanswered</c>, <c>not-needed</c> …</param>
    public void BookSnapshot(string venue, string outcome) => _books.Snapshots.Add(1, venue, outcome);

    /// <summary>A book follows another socket now, and nothing was missed.</summary>
    public void BookMoved(string venue) => _books.Moves.Add(1, venue);

    public void BookLevelsCut(string venue, long levels) => _books.LevelsCut.Add(levels, venue);

    private sealed class BookCounters(MetricSet set)
    {
        public TaggedCounter Held { get; } = set.Add("pipeline.books.held", "{book}", "Books by state", "venue", "state", goesDown: true);

        public TaggedCounter Recoveries { get; } = set.Add(
            "pipeline.books.recoveries", "{recovery}", "Books lost and built anew", "venue", "reason");

        public TaggedCounter Snapshots { get; } = set.Add(
            "pipeline.books.snapshots", "{snapshot}", "Snapshots of books by what became of them", "venue", "outcome");

        public TaggedCounter LevelsCut { get; } = set.Add(
            "pipeline.books.levels_cut", "{level}", "Levels let go because a side was full", "venue");

        public TaggedCounter Moves { get; } = set.Add(
            "pipeline.books.moves", "{book}", "Books that went on over another socket without a break", "venue");
    }
}

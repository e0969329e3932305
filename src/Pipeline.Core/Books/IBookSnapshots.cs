using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>Brings snapshots of books, by REST or by subscribing again. Called from several lanes at once.</summary>
public interface IBookSnapshots
{
    /// <summary>
    /// Asks and returns at once. The answer comes as a <see cref="BookUpdateKind.Snapshot"/> through the graph, or does not come: who
    /// asked asks again.
    /// </summary>
    void Request(Instrument instrument);
}

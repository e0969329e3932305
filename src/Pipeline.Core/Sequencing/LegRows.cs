using Pipeline.Core.Diagnostics;

namespace Pipeline.Core.Sequencing;

/// <summary>How far each socket that carries an instrument's trades has come, while there are several.</summary>
internal sealed class LegRows
{
    // Two legs and the twin of one.
    private const int MaxSockets = 3;

    // The other leg is waited for at least and at most so long, microseconds.
    public const long LeastWait = 50_000;
    public const long LongestWait = 250_000;

    private readonly Row[] _rows = new Row[MaxSockets];

    /// <summary>Takes note of a trade; returns how many ids its socket left out before it, one after the other.</summary>
    public long Note(long socket, LegFigures figures, long first, long last)
    {
        ref var row = ref Of(socket, figures);
        var missing = row.LastId < 0 ? 0 : Math.Max(0, first - row.LastId - 1);
        row.LastId = Math.Max(row.LastId, last);
        return missing;
    }

    /// <summary>How long ids that one leg left out may still come over another: twice the usual lead.</summary>
    public long Wait()
    {
        var lead = 0L;
        foreach (ref readonly var row in _rows.AsSpan())
        {
            lead = row.Figures is { } figures ? Math.Max(lead, figures.Lead.Quantile(0.99)) : lead;
        }

        return Math.Clamp(2 * lead, LeastWait, LongestWait);
    }

    /// <summary>A fourth socket takes the place of the one opened first.</summary>
    private ref Row Of(long socket, LegFigures figures)
    {
        var oldest = 0;
        for (var i = 0; i < MaxSockets; i++)
        {
            if (_rows[i].Figures is not null && _rows[i].Socket == socket)
            {
                return ref _rows[i];
            }

            oldest = _rows[i].Socket < _rows[oldest].Socket ? i : oldest;
        }

        _rows[oldest] = new Row { Socket = socket, Figures = figures, LastId = -1 };
        return ref _rows[oldest];
    }

    private struct Row
    {
        public long Socket;
        public long LastId;
        public LegFigures? Figures;
    }
}

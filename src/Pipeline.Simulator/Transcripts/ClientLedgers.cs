namespace Pipeline.Simulator.Transcripts;

/// <summary>The ledgers of all connections that are open, and of the newest that are over.</summary>
internal sealed class ClientLedgers
{
    private const int Kept = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<ClientLedger> _all = new();

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ClientLedger> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    public void Add(ClientLedger ledger)
    {
        lock (_gate)
        {
            _all.Enqueue(ledger);
            if (_all.Count > Kept)
            {
                _all.Dequeue();
            }
        }
    }
}

using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Solana;

/// <summary>Numbers slots by time and events within a slot in the order in which they are told.</summary>
internal sealed class SlotClock
{
    private const long SlotLength = 400 * UnixTime.Millisecond;

    // The chain's first block, 2020-03-16T14:29:00Z.
    private const long Genesis = 1_584_368_940 * UnixTime.Second;

    // Symbols run one after the other through ten milliseconds: an event may belong to the slot before the newest.
    private (long Slot, int Count) _newest;
    private (long Slot, int Count) _previous;

    /// <summary>Slot and index of an event at <paramref name="time"/>, which may lie one slot back at most.</summary>
    public (long Slot, int Index) Next(long time)
    {
        var slot = (time - Genesis) / SlotLength;
        if (slot > _newest.Slot)
        {
            (_previous, _newest) = (_newest, (slot, 0));
        }

        return slot == _newest.Slot ? (slot, _newest.Count++) : (slot, _previous.Count++);
    }
}

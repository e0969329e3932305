using Pipeline.Core.Market;

namespace Pipeline.Kafka.Sink;

/// <summary>
/// States on their way to <c>md.state</c>: each is written once everything is acknowledged that was handed over before it to its
/// partition; once the states are acknowledged, a marker says so. Whoever calls must be alone.
/// </summary>
internal sealed class Checkpoint
{
    private readonly List<(InstrumentState State, CheckpointPart Part)> _states = [];
    private readonly List<CheckpointPart> _parts = [];
    private int _nextState;
    private int _nextMarker;
    private bool _haveStatesEnded;

    /// <param name="touched">Partitions that get a marker though none of their states has changed.</param>
    /// <param name="isMarked">False: the states are not all there are to write, and no marker may say so.</param>
    public Checkpoint(IEnumerable<(InstrumentState State, Shard Shard)> states, IEnumerable<Shard> touched, bool isMarked)
    {
        IsMarked = isMarked;
        foreach (var (state, shard) in states)
        {
            _states.Add((state, PartOf(shard)));
        }

        foreach (var shard in touched)
        {
            PartOf(shard);
        }
    }

    public bool IsMarked { get; }

    /// <summary>Place among what has waited.</summary>
    public long Sequence { get; set; }

    public int Records => _states.Count - _nextState + (IsMarked ? _parts.Count - _nextMarker : 0);

    /// <summary>Everything before it was handed over.</summary>
    public void Begin() => _parts.ForEach(part => part.Begin());

    /// <summary>Goes as far as acknowledgements and room allow; true when it is through.</summary>
    public bool Advance(IRecordOutlet outlet) => AdvanceStates(outlet) && (!IsMarked || AdvanceMarkers(outlet));

    private bool AdvanceStates(IRecordOutlet outlet)
    {
        if (_haveStatesEnded)
        {
            return true;
        }

        for (; _nextState < _states.Count; _nextState++)
        {
            var (state, part) = _states[_nextState];
            var outcome = part.IsAcknowledged ? outlet.Write(state, part.TradesOffset, part.PricesOffset) : HandOver.NoRoom;
            if (outcome == HandOver.NoRoom)
            {
                return false;
            }

            part.IsWhole &= outcome == HandOver.Taken;
        }

        _parts.ForEach(part => part.EndStates());
        _haveStatesEnded = true;
        return true;
    }

    private bool AdvanceMarkers(IRecordOutlet outlet)
    {
        for (; _nextMarker < _parts.Count; _nextMarker++)
        {
            var part = _parts[_nextMarker];
            if (!part.IsWhole)
            {
                continue;
            }

            // A partition without a state of its own has waited for nothing yet.
            if (!part.IsAcknowledged || !part.AreStatesAcknowledged || outlet.Write(part.Marker) == HandOver.NoRoom)
            {
                return false;
            }
        }

        return true;
    }

    private CheckpointPart PartOf(Shard shard)
    {
        var part = _parts.Find(one => one.Shard == shard);
        if (part is null)
        {
            part = new CheckpointPart(shard);
            _parts.Add(part);
        }

        return part;
    }
}

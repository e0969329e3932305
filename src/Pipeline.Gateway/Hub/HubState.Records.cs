using Pipeline.Core.Market;
using Pipeline.Gateway.Streams;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;

namespace Pipeline.Gateway.Hub;

/// <content>What a record does, by its topic.</content>
internal sealed partial class HubState
{
    private void Take(TopicKind topic, KafkaRecord record, PartitionLog log)
    {
        var value = record.Value.AsMemory();
        if (topic == TopicKind.State)
        {
            return;
        }

        if (record.Key is not { Length: > 0 } key)
        {
            Counts.WasMalformed();
        }
        else if (TopicKinds.KindIn(topic) is { } kind)
        {
            TakeStream(topic, kind, record, key, value, log);
        }
        else if (topic == TopicKind.Status)
        {
            Status.Take(key, record.Timestamp, value);
            Tell(topic, record, key, value, record.KeyText!, null, default);
        }
        else
        {
            TakeInstrument(record, key, value);
        }
    }

    private void TakeInstrument(KafkaRecord record, byte[] key, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty)
        {
            return;
        }

        if (InstrumentRecordReader.Read(value) is not { } instrument)
        {
            Counts.WasMalformed();
            return;
        }

        Instruments.Take(instrument);
        _instrumentsChanged = true;
        Tell(TopicKind.Instruments, record, key, value, record.KeyText!, null, default);
    }

    private void TakeStream(TopicKind topic, DataKind kind, KafkaRecord record, byte[] key, ReadOnlyMemory<byte> value, PartitionLog log)
    {
        if (Streams.Of(kind, key) is not { } stream)
        {
            Counts.WasMalformed();
            return;
        }

        if (value.IsEmpty)
        {
            return;
        }

        var facts = RecordFacts.Of(kind, key, value.Span);
        if (stream.Partition < 0)
        {
            stream.Window.Reset(log.Start - 1);
        }

        var prev = stream.Count(record.Partition, record.Offset, record.Timestamp, facts.IsRequired, Now);
        var held = new HeldRecord(record.Offset, prev, value);
        stream.Latest.Take(held, facts, key);
        var isReplaced = !facts.IsRequired && kind is not (DataKind.Gap or DataKind.Health);
        log.Keep(stream, isReplaced ? held with { Value = default } : held, record.Timestamp);
        log.Trim(Now - MarketTime.From(_options.ReplayAge), _options);
        if (kind == DataKind.Gap)
        {
            Gaps.Take(stream.Instrument, key, value);
        }
        else if (kind == DataKind.Health)
        {
            TakeHealth(key, value);
        }

        Tell(topic, record, key, value, stream.Instrument, stream.Interval, facts);
        if (IsCaughtUp)
        {
            using var span = _traces.Follow(record, Now);
            var members = _publisher.Publish(stream, held, facts, record.Timestamp, Now);
            span?.SetTag("stream", stream.Name).SetTag("clients", members);
        }
    }

    private void TakeHealth(byte[] key, ReadOnlyMemory<byte> value)
    {
        if (StreamHealthInfo.Read(value) is not { } health)
        {
            Counts.WasMalformed();
        }
        else if (Streams.OfHealthKey(key) is { } stream)
        {
            stream.Health = health;
        }
    }

    private void Tell(
        TopicKind topic, KafkaRecord record, byte[] key, ReadOnlyMemory<byte> value, string instrument, CandleInterval? interval, in RecordFacts facts)
    {
        if (_taps.Count == 0 && topic != TopicKind.Candles)
        {
            return;
        }

        var told = new StreamRecord
        {
            Topic = topic,
            Partition = record.Partition,
            Offset = record.Offset,
            Timestamp = record.Timestamp,
            Instrument = instrument,
            Interval = interval,
            OpenTime = facts.OpenTime,
            State = facts.State,
            Key = key,
            Value = value,
        };
        if (topic == TopicKind.Candles)
        {
            Candles.Add(told, _options.MaxKeptCandles);
        }

        foreach (var tap in _taps)
        {
            tap.OnRecord(told);
        }
    }
}

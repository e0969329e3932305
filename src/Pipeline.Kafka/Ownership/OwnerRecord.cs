using System.Text.Json;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.Ownership;

/// <summary>A record of <c>md.state</c> under <c>#owner</c>: who owns the partition.</summary>
/// <param name="Instance">The collector's name: who bears it takes over from itself.</param>
/// <param name="Process">Tells two runs of one instance apart.</param>
/// <param name="Epoch">Offset of the owner's claim; of a claim itself 0.</param>
/// <param name="Time">When it was written, microseconds since the Unix epoch, UTC, by the writer's clock: for people, nothing is measured by it.</param>
/// <param name="Ends">Where the logs end as far as their writer knows.</param>
public sealed record OwnerRecord(OwnerKind Kind, string Instance, string Process, long Epoch, long Time, PartitionEnds Ends)
{
    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, Kind switch { OwnerKind.Claim => "claim", OwnerKind.Alive => "alive", _ => "released" });
            json.WriteString("instance"u8, Instance);
            json.WriteString("process"u8, Process);
            json.WriteNumber("epoch"u8, Epoch);
            json.WriteNumber("time"u8, Time);
            Write(json, "tradesOffset", Ends.Trades);
            Write(json, "pricesOffset", Ends.Prices);
            Write(json, "candlesOffset", Ends.Candles);
            Write(json, "gapsOffset", Ends.Gaps);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static OwnerRecord Read(ReadOnlyMemory<byte> value) => RecordFields.Read(value, "owner", fields => new OwnerRecord(
        fields.Choice("kind", ("claim", OwnerKind.Claim), ("alive", OwnerKind.Alive), ("released", OwnerKind.Released)),
        fields.Name("instance"),
        fields.Name("process"),
        fields.Integer("epoch"),
        fields.Integer("time"),
        new PartitionEnds(
            fields.IntegerOrNull("tradesOffset"),
            fields.IntegerOrNull("pricesOffset"),
            fields.IntegerOrNull("candlesOffset"),
            fields.IntegerOrNull("gapsOffset"))));

    private static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } offset)
        {
            json.WriteNumber(name, offset);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}

using System.Text.Json;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>Puts the members of every object of a frame into another order; values stay as they were written.</summary>
internal static class FieldShuffler
{
    public static List<byte[]> Shuffle(IEnumerable<byte[]> frames)
    {
        var random = new Random(7);
        var shuffled = new List<byte[]>();
        using var buffer = new MemoryStream();
        foreach (var frame in frames)
        {
            buffer.SetLength(0);
            using var document = JsonDocument.Parse(frame);
            using (var writer = new Utf8JsonWriter(buffer))
            {
                Write(writer, document.RootElement, random);
            }

            shuffled.Add(buffer.ToArray());
        }

        return shuffled;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element, Random random)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            // Rows of objects, as OKX sends them, are turned over too; rows of levels are not: their order is their meaning.
            if (element.ValueKind == JsonValueKind.Array)
            {
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item, random);
                }

                writer.WriteEndArray();
                return;
            }

            element.WriteTo(writer);
            return;
        }

        var members = element.EnumerateObject().ToArray();
        random.Shuffle(members);
        writer.WriteStartObject();
        foreach (var member in members)
        {
            writer.WritePropertyName(member.Name);
            Write(writer, member.Value, random);
        }

        writer.WriteEndObject();
    }
}

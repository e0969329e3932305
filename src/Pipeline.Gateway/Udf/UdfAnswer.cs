namespace Pipeline.Gateway.Udf;

/// <summary>What a request of the UDF protocol is answered with; its errors have status 200 too and say so in their body.</summary>
internal readonly record struct UdfAnswer(ReadOnlyMemory<byte> Body, string ContentType = "application/json; charset=utf-8");

using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Gateway.Http;

/// <summary>
/// Reads the query string of a request against the parameters a path has: what is unknown, there twice or out of bounds is an error that
/// names the parameter, and never what was written.
/// </summary>
internal sealed class QueryReader
{
    private const int MaxTextLength = 200;

    private readonly IQueryCollection _query;

    private QueryReader(IQueryCollection query) => _query = query;

    /// <summary>What is wrong; null when all parameters are as they should be.</summary>
    public string? Fault { get; private init; }

    public static QueryReader Of(HttpRequest request, IReadOnlyList<QueryParameter> known) =>
        new(request.Query) { Fault = FindFault(request.Query, known) };

    public int Integer(QueryParameter parameter) =>
        _query.TryGetValue(parameter.Name, out var text) ? int.Parse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture) : parameter.Default;

    /// <summary>Null when it is left out.</summary>
    public string? Text(QueryParameter parameter) => _query.TryGetValue(parameter.Name, out var text) ? text.ToString() : null;

    private static string? FindFault(IQueryCollection query, IReadOnlyList<QueryParameter> known)
    {
        foreach (var (name, values) in query)
        {
            var parameter = known.FirstOrDefault(one => one.Name == name);
            if (parameter is null)
            {
                return known.Count == 0
                    ? "This path has no parameters."
                    : $"There is a parameter that this path does not have; it has: {string.Join(", ", known.Select(one => one.Name))}.";
            }

            if (values.Count != 1)
            {
                return $"{name} is there more than once.";
            }

            if (FindFault(parameter, values.ToString()) is { } fault)
            {
                return $"{name} must be {fault}.";
            }
        }

        return known.FirstOrDefault(one => one.IsRequired && !query.ContainsKey(one.Name)) is { } missing ? $"{missing.Name} is missing." : null;
    }

    private static string? FindFault(QueryParameter parameter, string text)
    {
        if (parameter.IsInteger)
        {
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value >= parameter.Minimum && value <= parameter.Maximum
                ? null
                : FormattableString.Invariant($"a whole number from {parameter.Minimum} to {parameter.Maximum}");
        }

        if (parameter.Words.Count > 0)
        {
            return parameter.Words.Contains(text) ? null : $"one of: {string.Join(", ", parameter.Words)}";
        }

        if (parameter.Form is var (pattern, words))
        {
            // An end of line behind the last character passes for the end of a pattern.
            return pattern.Match(text) is { Success: true } match && match.Length == text.Length ? null : words;
        }

        return text.Length is > 0 and <= MaxTextLength ? null : FormattableString.Invariant($"text of 1 to {MaxTextLength} characters");
    }
}

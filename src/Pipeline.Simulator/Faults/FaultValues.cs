using System.Globalization;

namespace Pipeline.Simulator.Faults;

/// <summary>The parameters of one fault: what was given, else the default. All have been checked against their bounds.</summary>
internal sealed class FaultValues(FaultDefinition definition, IReadOnlyDictionary<string, string> given)
{
    private readonly Dictionary<string, string> _values = definition.Parameters.ToDictionary(
        parameter => parameter.Name, parameter => given.GetValueOrDefault(parameter.Name, parameter.Default), StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> All => _values;

    public string Text(string name) => _values[name];

    public long Whole(string name) => long.Parse(_values[name], CultureInfo.InvariantCulture);

    public TimeSpan Duration(string name) => FaultText.TryDuration(_values[name], out var duration) ? duration : default;
}

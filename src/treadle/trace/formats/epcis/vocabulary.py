"""The words of CBV 2.0 and EPCIS 2.0: which bare words a field may hold and which URI each means.

Sources: CBV 2.0 section 7 (business steps, dispositions, types of transactions, sources and
destinations, error reasons, components, measurement types); EPCIS 2.0 section 7.4 (event types).
"""

__all__ = [
    "ACTIONS",
    "BIZ_STEPS",
    "BIZ_TRANSACTION_TYPES",
    "CBV",
    "COMPONENTS",
    "DISPOSITIONS",
    "ERROR_REASONS",
    "EVENT_TYPES",
    "EXCEPTIONS",
    "GS1_VOC",
    "MEASUREMENT_TYPES",
    "OLD_CBV",
    "SOURCE_DESTINATION_TYPES",
]

CBV = "https://ref.gs1.org/cbv/"
GS1_VOC = "https://gs1.org/voc/"


def _words(root: str, words: str) -> dict[str, str]:
    return {word: root + word for word in words.split()}


EVENT_TYPES = frozenset(
    {
        "ObjectEvent",
        "AggregationEvent",
        "TransactionEvent",
        "TransformationEvent",
        "AssociationEvent",
    }
)
ACTIONS = frozenset({"ADD", "OBSERVE", "DELETE"})

BIZ_STEPS = _words(
    f"{CBV}BizStep-",
    """
    accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking receiving
    removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting
    shipping staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping
    """,
)
DISPOSITIONS = _words(
    f"{CBV}Disp-",
    """
    active available completeness_inferred completeness_verified conformant container_closed
    container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit
    inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match
    non_conformant non_sellable_other partially_dispensed recalled reserved retail_sold returned
    sellable_accessible sellable_not_accessible stolen unavailable unknown
    """,
)
BIZ_TRANSACTION_TYPES = _words(
    f"{CBV}BTT-",
    "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt",
)
SOURCE_DESTINATION_TYPES = _words(f"{CBV}SDT-", "location owning_party possessing_party")
ERROR_REASONS = _words(f"{CBV}ER-", "did_not_occur incorrect_data")
COMPONENTS = _words(
    f"{CBV}Comp-",
    """
    x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting
    northing latitude longitude altitude
    """,
)
EXCEPTIONS = _words(GS1_VOC, "ALARM_CONDITION ERROR_CONDITION")
MEASUREMENT_TYPES = _words(
    GS1_VOC,
    """
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area
    Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent
    DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity
    ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance
    KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux
    MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate
    MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure
    RadiantFlux RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity SolidAngle
    SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume
    VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber
    """,
)

# URNs of CBV 1.x and the CBV 2.0 web vocabulary that replaced them (CBV 2.0 section 8.9 rule 14).
OLD_CBV = {
    "urn:epcglobal:cbv:bizstep:": f"{CBV}BizStep-",
    "urn:epcglobal:cbv:disp:": f"{CBV}Disp-",
    "urn:epcglobal:cbv:btt:": f"{CBV}BTT-",
    "urn:epcglobal:cbv:sdt:": f"{CBV}SDT-",
    "urn:epcglobal:cbv:er:": f"{CBV}ER-",
}

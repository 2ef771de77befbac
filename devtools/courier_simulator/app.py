"""The wire: each vendor's addresses, parameters and shapes of answers, checked as strictly as they do."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from devtools.courier_simulator.world import Fault, Json, Spot, World

rajaongkir = Blueprint("rajaongkir", __name__, url_prefix="/rajaongkir/api/v1")
biteship = Blueprint("biteship", __name__, url_prefix="/biteship")
control = Blueprint("control", __name__, url_prefix="/_test")


def create_app(world: World) -> Flask:
    """A WSGI app that speaks for both vendors."""
    app = Flask(__name__)
    app.extensions["couriers"] = world
    for blueprint in (rajaongkir, biteship, control):
        app.register_blueprint(blueprint)
    return app


def _world() -> World:
    world: World = current_app.extensions["couriers"]
    return world


class Cut(Exception):
    """The connection ends without an answer."""


@rajaongkir.before_request
@biteship.before_request
def meet() -> Response | tuple[Response, int] | tuple[str, int] | None:
    """Count the call, let a fault happen, and refuse a wrong key."""
    world, vendor = _world(), request.blueprint or ""
    world.calls.append((vendor, request.path))
    fault = world.take_fault(vendor)
    if fault is not None and fault.kind != "none":
        return _happen(fault, vendor)
    given = request.headers.get("key" if vendor == "rajaongkir" else "Authorization", "")
    if not given or (world.key and given != world.key):
        words = "Invalid Api key, key not found" if vendor == "rajaongkir" else "Authorization failed"
        return _refusal(vendor, words, 401)
    if fault is not None:
        request.environ["couriers.none"] = True
    return None


def _happen(fault: Fault, vendor: str) -> Response | tuple[Response, int] | tuple[str, int] | None:
    match fault.kind:
        case "down":
            raise Cut
        case "slow":
            _world().released.wait(fault.seconds)
            return _refusal(vendor, "Gateway Timeout", 504)
        case "quota":
            return _refusal(vendor, "Daily limit exceeded", 429)
    return "<html>Sedang dalam perbaikan</html>", 200


def _refusal(vendor: str, words: str, status: int) -> tuple[Response, int]:
    if vendor == "rajaongkir":
        return jsonify(meta={"message": words, "code": status, "status": "error"}, data=None), status
    return jsonify(success=False, error=words, code=40000000 + status), status


# --- RajaOngkir ---------------------------------------------------------------------------------------


def _given(data: object) -> Response:
    return jsonify(meta={"message": "Success", "code": 200, "status": "success"}, data=data)


@rajaongkir.get("/destination/domestic-destination")
def destinations() -> Response | tuple[Response, int]:
    """Places by words, in capitals as they are there; 404 without any."""
    found = _world().search(request.args.get("search", ""), int(request.args.get("limit", "10")))
    if not found:
        return _refusal("rajaongkir", "Data not found", 404)
    return _given([_destination(spot) for spot in found])


def _destination(spot: Spot) -> Json:
    city = spot.city.removeprefix("Kota ").removeprefix("Kab. ").upper()
    return {
        "id": spot.id,
        "label": f"{spot.district.upper()}, {city}, {spot.province.upper()}, {spot.postal_code}",
        "province_name": spot.province.upper(),
        "city_name": city,
        "district_name": spot.district.upper(),
        "subdistrict_name": spot.district.upper(),
        "zip_code": spot.postal_code,
    }


@rajaongkir.post("/calculate/domestic-cost")
def costs() -> Response | tuple[Response, int]:
    """Services for origin, destination, weight (g) and couriers, as a form."""
    form = request.form
    origin, destination = _world().spot(form.get("origin", "")), _world().spot(form.get("destination", ""))
    if (
        origin is None
        or destination is None
        or not form.get("weight", "").isdecimal()
        or not form.get("courier")
    ):
        return _refusal("rajaongkir", "Missing or invalid parameter", 422)
    if "couriers.none" in request.environ:
        return _refusal("rajaongkir", "Calculate Domestic Shipping Cost not found", 404)
    rows = _world().prices(origin, destination, int(form["weight"]), form["courier"].split(":"))
    return _given(
        [
            {
                "name": service.courier_name, "code": service.courier, "service": service.code,
                "description": service.name, "cost": cost, "etd": f"{service.days} day",
            }
            for service, cost in rows
        ]
    )  # fmt: skip


@rajaongkir.post("/track/waybill")
def waybill() -> Response | tuple[Response, int]:
    """A parcel's way, as a form of awb and courier."""
    parcel = _world().parcels.get((request.form.get("courier", ""), request.form.get("awb", "")))
    if parcel is None:
        return _refusal("rajaongkir", "Invalid Awb", 404)
    manifest = [
        {
            "manifest_code": str(number), "manifest_description": words,
            "manifest_date": at[:10], "manifest_time": at[11:19], "city_name": place,
        }
        for number, (at, words, place) in enumerate(parcel["stations"], start=1)
    ]  # fmt: skip
    return _given({"delivered": parcel["delivered"], "manifest": manifest[::-1]})


# --- Biteship -----------------------------------------------------------------------------------------


@biteship.get("/v1/maps/areas")
def areas() -> Response:
    """Places by words."""
    found = _world().search(request.args.get("input", ""))
    return jsonify(
        success=True,
        areas=[
            {
                "id": f"IDNP{spot.id}",
                "name": f"{spot.district}, {spot.city}, {spot.province}. {spot.postal_code}",
                "country_code": "ID",
                "administrative_division_level_1_name": spot.province,
                "administrative_division_level_2_name": spot.city.removeprefix("Kota ").removeprefix("Kab. "),
                "administrative_division_level_3_name": spot.district,
                "postal_code": int(spot.postal_code),
            }
            for spot in found
        ],
    )


@biteship.post("/v1/rates/couriers")
def rates() -> Response | tuple[Response, int]:
    """Services for two areas, couriers and items, as JSON."""
    body = request.get_json(silent=True) or {}
    origin = _world().spot(str(body.get("origin_area_id", "")).removeprefix("IDNP"))
    destination = _world().spot(str(body.get("destination_area_id", "")).removeprefix("IDNP"))
    items = body.get("items") or []
    if origin is None or destination is None or not items or "couriers.none" in request.environ:
        return _refusal("biteship", "No courier available for requested location", 400)
    grams = sum(int(item["weight"]) * int(item["quantity"]) for item in items)
    rows = _world().prices(origin, destination, grams, str(body.get("couriers", "")).split(","))
    return jsonify(
        success=True,
        object="courier_pricing",
        pricing=[
            {
                "courier_code": service.courier, "courier_name": service.courier.upper(),
                "courier_service_code": service.code.lower(), "courier_service_name": service.name,
                "price": cost, "duration": f"{service.days} days",
                "shipment_duration_range": service.days.replace("-", " - "), "shipment_duration_unit": "days",
            }
            for service, cost in rows
        ],
    )  # fmt: skip


@biteship.get("/v1/trackings/<waybill_id>/couriers/<courier>")
def tracking(waybill_id: str, courier: str) -> Response | tuple[Response, int]:
    """A parcel's way."""
    parcel = _world().parcels.get((courier, waybill_id))
    if parcel is None:
        return _refusal("biteship", "Waybill not found", 404)
    return jsonify(
        success=True,
        object="tracking",
        waybill_id=waybill_id,
        status="delivered" if parcel["delivered"] else "dropping_off",
        history=[
            {"note": words, "updated_at": f"{at}+07:00", "status": "picked"}
            for at, words, _place in parcel["stations"]
        ],
    )


# --- the testers' side --------------------------------------------------------------------------------


@control.post("/faults")
def add_fault() -> Response:
    """`{kind, vendor?, count?, seconds?}`."""
    _world().released.clear()
    _world().faults.append(Fault(**request.get_json()))
    return jsonify(ok=True)


@control.delete("/faults")
def clear_faults() -> Response:
    """Everything works again."""
    _world().faults.clear()
    _world().released.set()
    return jsonify(ok=True)


@control.post("/parcels")
def set_parcel() -> Response:
    """`{courier, waybill, stations: [[at, words, place], …], delivered?}`: where a parcel is."""
    body = request.get_json()
    _world().parcels[body["courier"], body["waybill"]] = {
        "stations": body["stations"], "delivered": bool(body.get("delivered")),
    }  # fmt: skip
    return jsonify(ok=True)

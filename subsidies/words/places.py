"""What is said about places: gone, lost, or given to others."""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "must_choose": (
        "โครงการนี้ให้ท่านเลือกจังหวัดที่จะใช้สิทธิ กรุณาเลือกจังหวัดก่อนลงทะเบียน",
        "This programme lets you choose the province where you will use your right. Please choose one first.",
    ),
    "nothing_to_choose": (
        "โครงการนี้ไม่ต้องเลือกจังหวัด กรุณาลงทะเบียนโดยไม่ต้องเลือก",
        "This programme asks for no province. Please enrol without choosing one.",
    ),
    "right_forfeited": (
        "สิทธิของท่านหมดไปเมื่อ {deadline_at} เพราะไม่ได้เริ่มใช้ภายในกำหนด จึงลงทะเบียนโครงการเดิมอีกไม่ได้ กรุณาติดตามโครงการรอบใหม่",
        "Your right lapsed at {deadline_at}: it was not used in time. Please watch for the next programme.",
    ),
    "places_gone": (
        "สิทธิของโครงการนี้มีผู้ใช้ครบจำนวนแล้ว ท่านยังชำระด้วยเงินของท่านเองได้",
        "As many people as this scheme has places for have used it. You can still pay with your own money.",
    ),
    "left_the_pool": (
        "สิทธิส่วนนี้กันไว้สำหรับกลุ่มที่ท่านไม่ได้อยู่แล้ว หากคิดว่าผิดพลาด ติดต่อสำนักงานคลังจังหวัด",
        "These places are kept for a group that you have left. If that is a mistake, ask the provincial treasury.",
    ),
}
